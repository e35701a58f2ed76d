# Completion of the options of daemonproxy in fish.
# Made from commands.spec by `make docs`; a change goes there.
complete -c daemonproxy -f
complete -c daemonproxy -s c -l config -r -F -d 'Read commands from FILE (-: standard input); may be repeated, one FILE is read after the other'
complete -c daemonproxy -s i -l interactive -d 'Take commands from standard input and write events to standard output; the end of either ends the daemon'
complete -c daemonproxy -s S -l socket -r -F -d 'Listen for controllers at PATH'
complete -c daemonproxy -s D -l daemonize -d 'Go into the background; print the process ID once ready'
complete -c daemonproxy -l exit-guard -x -d 'Set the guard against accidental termination to N'
complete -c daemonproxy -s E -l exit-exec -x -d 'Execute TSV, arguments separated by tabs, instead of exiting'
complete -c daemonproxy -l fd-pool -x -d 'Reserve N named descriptors, with M bytes of path each; each in use takes 150 bytes and its path'
complete -c daemonproxy -l service-pool -x -d 'Reserve N services, with M bytes of text each; each in use takes 200 bytes and its text'
complete -c daemonproxy -l controllers -x -d 'Let N controllers be connected at once (16)'
complete -c daemonproxy -l subreaper -d 'Become the parent of orphaned descendants'
complete -c daemonproxy -l debug-crash -d 'Allow the command debug.crash, which crashes the daemon: for tests'
complete -c daemonproxy -s M -l mlockall -d 'Keep what is in memory there: no page is ever written to swap'
complete -c daemonproxy -s v -l verbose -d 'Log one level more; may be repeated'
complete -c daemonproxy -s q -l quiet -d 'Log one level less; may be repeated'
complete -c daemonproxy -s h -l help -d 'Print this help'
complete -c daemonproxy -l version -d 'Print the version'
