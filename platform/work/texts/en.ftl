work-panicked = The rule “{ $kind }” broke. The error is recorded; it will be tried again, and if that does not help, tell support.
work-runner_died = The job “{ $kind }” broke off halfway several times. Look into the log and start it again.
work-never_quiet = Reactions to facts call each other without end. Tell support.
