import type { Reason } from '../run/run.ts';

/** What each reason means, and what the operator can do about it, in one sentence. */
export const reasonTexts: Readonly<Record<Reason, string>> = {
  no_policy: 'No policy matches this alert: it is left to people.',
  empty_target: 'The alert has no label `instance`, so it is not known what it is about.',
  unknown_target: 'The label `instance` names nothing in steward.yml.',
  wrong_kind_of_target: 'The action is for another kind of target than the alert is about.',
  bot_of_other_kind:
    'Steward knows the commands of freqtrade alone, and this bot is of another kind: restart it yourself.',
  parameter_not_allowed: 'A parameter is missing, or is not among the values that steward.yml allows.',
  own_part: 'The action would hit a part of Steward itself: do it yourself.',
  escalated: 'All steps of the policy have failed for this alert, or one did harm: it is left to people.',
  mode_observe: 'The policy only observes: set its mode to `auto` to let it act.',
  mode_needs_approval:
    'The policy waits for a person, or has not yet earned to act by itself: `steward approve <run>` or `steward deny <run>`.',
  denied: 'A person said no.',
  paused: 'Somebody has paused Steward: `steward resume` ends that.',
  frozen:
    'A freeze of steward.yml is on; one by PromQL is asked again each time that Alertmanager tells of the alert, which is once a minute.',
  mass_failure:
    'Alerts came from many hosts within five minutes: the cause is likely outside of them, and nothing is started by itself while they fire, six hours at the most. It is counted again each time that Alertmanager tells of the alert, which is once a minute; `steward resume` ends it.',
  waits_for_policy: 'Another policy comes first on this host, and its alert still fires.',
  joined: 'Another run does the same thing on this host: this alert joins it.',
  breaker_open:
    'The same action has failed for this target as often as the breaker of the policy allows: look at it yourself.',
  cooldown:
    'The same action was done for this target a short while ago: the cooldown of the policy is not over.',
  limit: 'The same action was done for this target as often as the limit of the policy allows.',
  host_busy:
    'Another run is at work on this host, or as many as `remediator.max_runs` allows are on others: this one follows.',
  not_corroborated: 'Prometheus does not see now what the alert says.',
  prometheus_unreachable: 'Prometheus cannot be asked, so that nothing could be confirmed or proved.',
  no_verification: "No proof can be made of the alert's own rule: give the policy a `verify.query`.",
  guard_failed: 'A guard of the policy does not hold.',
  alert_resolved: 'The alert has ended.',
  bot_unreachable:
    'The API of the bot gives no answer that can be read, so the bot is left as it was: look at it yourself.',
  bot_not_trading:
    'The bot is stopped, paused or just starting, or somebody told it something else while a fix waited: that is their decision, and it is not restarted.',
  not_started: 'The command could not be started on the host, so nothing has changed.',
  configuration_broken:
    'The service was not restarted, since its own configuration test fails: mend that first. What runs still has the old one.',
  action_failed: 'The command failed on the host, and Prometheus saw no healing.',
  not_verified: 'Prometheus saw no healing in the time that the policy gives.',
  trades_open:
    'Trades were still open at the deadline: nothing was restarted, no trade was closed, and the bot opens trades again. Close them, or restart the bot yourself.',
  held_back:
    'What was waited for had come, but a pause, a freeze, a mass failure, a guard or the policy spoke against going on until the deadline: what was begun was put back.',
  bot_not_ready:
    'The bot was restarted or told to read its configuration, and has not said in time that it has started: look at it now.',
  harm_undone: 'The target was healthy before and not after: the action was undone.',
  not_healed_undone: 'Prometheus saw no healing, and what the action took away was put back.',
  harm_not_undone:
    'The target was healthy before and not after, and this action has no undo: look at it now.',
  undo_failed: 'The undo failed: look at the host now.',
  verified: 'The fix was proved by fresh samples.',
};
