verb_host_facts() {
  for name in stat meminfo loadavg uptime; do
    printf '== %s\n' "$name"
    cat "/proc/$name"
  done
  printf '== net_dev\n'
  cat /proc/net/dev
  printf '== mounts\n'
  cat /proc/mounts
  printf '== filesystems\n'
  while read -r _device mountpoint type _rest; do
    case $type in
      ext[234] | xfs | btrfs | zfs | f2fs | vfat | overlay) ;;
      *) continue ;;
    esac
    # Blanks in a mount point are written as \040, which %b reads back.
    sizes=$(timeout 2 stat -f -c '%S %b %f %a %c %d' -- "$(printf '%b' "$mountpoint")" 2>/dev/null) || continue
    printf '%s %s\n' "$sizes" "$mountpoint"
  done </proc/mounts
}
