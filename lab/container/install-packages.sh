#!/bin/sh
# Installs into the image what the site runs on, out of the lists that are there, or else of new ones.
set -eu
packages=$(node --input-type=module -e "
  import { sitePackages } from '/opt/steward/debian-packages.js';
  console.log(sitePackages.join(' '));")
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
apt-get install -y --no-install-recommends $packages || {
  apt-get update
  apt-get install -y --no-install-recommends $packages
}
rm -rf /var/lib/apt/lists/*
