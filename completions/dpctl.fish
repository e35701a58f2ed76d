# Completion of dpctl for fish, made by: dpctl completion fish

function __dpctl_names
    set -l words (commandline -opc)
    set -l socket
    for i in (seq (count $words))
        if contains -- $words[$i] -S --socket
            set socket -S $words[(math $i + 1)]
        end
    end
    dpctl $socket __names $argv 2>/dev/null
end

function __dpctl_no_verb
    not __fish_seen_subcommand_from status start stop restart signal wait tail events top run manage reload shutdown upgrade log check import agent fleet completion
end

complete -c dpctl -f
complete -c dpctl -s S -l socket -r -F -d 'the daemon\'s control socket'
complete -c dpctl -l color -x -a 'auto always never' -d 'when words are coloured (auto)'
complete -c dpctl -s h -l help -d 'this help'
complete -c dpctl -l version -d 'the version of dpctl'
complete -c dpctl -n __dpctl_no_verb -a status -d 'what runs, since when, and what is wrong'
complete -c dpctl -n __dpctl_no_verb -a start -d 'start services, and wait until they are up'
complete -c dpctl -n __dpctl_no_verb -a stop -d 'stop services, and wait until nothing of them is left'
complete -c dpctl -n __dpctl_no_verb -a restart -d 'stop services and start them again'
complete -c dpctl -n __dpctl_no_verb -a signal -d 'send a signal to the process of a service'
complete -c dpctl -n __dpctl_no_verb -a wait -d 'wait until a service is up, ready, down or gone'
complete -c dpctl -n __dpctl_no_verb -a tail -d 'the end of what services print'
complete -c dpctl -n __dpctl_no_verb -a events -d 'how services are, and what happens to them'
complete -c dpctl -n __dpctl_no_verb -a top -d 'live view: services, what they use, and what happens'
complete -c dpctl -n __dpctl_no_verb -a run -d 'run a program once, as a service of the daemon'
complete -c dpctl -n __dpctl_no_verb -a manage -d 'keep services as a file says'
complete -c dpctl -n __dpctl_no_verb -a reload -d 'have the manager read its file again, or services theirs'
complete -c dpctl -n __dpctl_no_verb -a shutdown -d 'stop all services, and end the daemon'
complete -c dpctl -n __dpctl_no_verb -a upgrade -d 'replace the daemon\'s program while services run'
complete -c dpctl -n __dpctl_no_verb -a log -d 'show or set what the daemon logs'
complete -c dpctl -n __dpctl_no_verb -a check -d 'find mistakes in configs and in files of the manager'
complete -c dpctl -n __dpctl_no_verb -a import -d 'print services of another system as a file of the manager'
complete -c dpctl -n __dpctl_no_verb -a agent -d 'run jobs of a fleet on this machine'
complete -c dpctl -n __dpctl_no_verb -a fleet -d 'show the machines, queues and jobs of a fleet'
complete -c dpctl -n __dpctl_no_verb -a completion -d 'print what a shell needs to complete words'
complete -c dpctl -n '__fish_seen_subcommand_from status' -s p -l problems -d 'only the services that are not well'
complete -c dpctl -n '__fish_seen_subcommand_from status' -l json -d 'one JSON object with all fields'
complete -c dpctl -n '__fish_seen_subcommand_from status' -l env -d 'the values of environments, too, not their names alone'
complete -c dpctl -n '__fish_seen_subcommand_from status' -l table -d 'a line also where one service is named'
complete -c dpctl -n '__fish_seen_subcommand_from status' -s w -l wide -d 'all columns, however narrow the terminal is'
complete -c dpctl -n '__fish_seen_subcommand_from status' -a '(__dpctl_names)'
complete -c dpctl -n '__fish_seen_subcommand_from start' -l no-wait -d 'return without waiting'
complete -c dpctl -n '__fish_seen_subcommand_from start' -l timeout -x -d 'how long to wait (30 s)'
complete -c dpctl -n '__fish_seen_subcommand_from start' -l wait -d 'wait (the default)'
complete -c dpctl -n '__fish_seen_subcommand_from start' -a '(__dpctl_names down)'
complete -c dpctl -n '__fish_seen_subcommand_from stop' -l no-wait -d 'return without waiting'
complete -c dpctl -n '__fish_seen_subcommand_from stop' -l timeout -x -d 'how long to wait (until SIGKILL, and 5 s)'
complete -c dpctl -n '__fish_seen_subcommand_from stop' -l wait -d 'wait (the default)'
complete -c dpctl -n '__fish_seen_subcommand_from stop' -a '(__dpctl_names up)'
complete -c dpctl -n '__fish_seen_subcommand_from restart' -l no-wait -d 'return without waiting'
complete -c dpctl -n '__fish_seen_subcommand_from restart' -l timeout -x -d 'how long to wait for each (as stop and start)'
complete -c dpctl -n '__fish_seen_subcommand_from restart' -l wait -d 'wait (the default)'
complete -c dpctl -n '__fish_seen_subcommand_from restart' -a '(__dpctl_names)'
complete -c dpctl -n '__fish_seen_subcommand_from signal' -l tree -d 'to its whole tree, where it has one of its own'
complete -c dpctl -n '__fish_seen_subcommand_from signal' -a '(__dpctl_names up)'
complete -c dpctl -n '__fish_seen_subcommand_from wait' -l for -x -a 'up ready down gone' -d 'what to wait for (ready)'
complete -c dpctl -n '__fish_seen_subcommand_from wait' -l timeout -x -d 'how long to wait (without end)'
complete -c dpctl -n '__fish_seen_subcommand_from wait' -a '(__dpctl_names)'
complete -c dpctl -n '__fish_seen_subcommand_from tail logs' -s f -l follow -d 'go on with what is added, until ^C'
complete -c dpctl -n '__fish_seen_subcommand_from tail logs' -s n -l lines -x -d 'how many lines of each (20)'
complete -c dpctl -n '__fish_seen_subcommand_from tail logs' -a '(__dpctl_names)'
complete -c dpctl -n '__fish_seen_subcommand_from events' -l json -d 'an object on each line, with the fields of status --json'
complete -c dpctl -n '__fish_seen_subcommand_from events' -a '(__dpctl_names)'
complete -c dpctl -n '__fish_seen_subcommand_from top' -s d -l delay -x -d 'how often it looks at processes (2 s)'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l user -x -d 'its user, or USER:GROUP (the daemon\'s)'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l dir -r -F -d 'its directory (the one dpctl is in)'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l env -x -d 'a variable; may be repeated'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l limit -x -d 'a resource limit; may be repeated'
complete -c dpctl -n '__fish_seen_subcommand_from run' -s o -l output -r -F -d 'append its output to a file'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l timeout -x -d 'stop it after so long (never)'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l name -x -d 'its name, which stays (run.XXXX, which is forgotten)'
complete -c dpctl -n '__fish_seen_subcommand_from run' -l tag -x -d 'a tag; may be repeated'
complete -c dpctl -n '__fish_seen_subcommand_from run' -s d -l detach -d 'print its name and return'
complete -c dpctl -n '__fish_seen_subcommand_from run' -F
complete -c dpctl -n '__fish_seen_subcommand_from manage' -l stdio -d 'the daemon is at standard input and output'
complete -c dpctl -n '__fish_seen_subcommand_from manage' -s v -l verbose -d 'log each step'
complete -c dpctl -n '__fish_seen_subcommand_from manage' -F
complete -c dpctl -n '__fish_seen_subcommand_from reload' -l timeout -x -d 'how long to wait (30 s)'
complete -c dpctl -n '__fish_seen_subcommand_from reload' -a '(__dpctl_names up)'
complete -c dpctl -n '__fish_seen_subcommand_from shutdown' -l guard -x -d 'the code of the guard against an accidental end'
complete -c dpctl -n '__fish_seen_subcommand_from shutdown' -l timeout -x -d 'how long to wait for each (SIGKILL and 5 s)'
complete -c dpctl -n '__fish_seen_subcommand_from upgrade' -l guard -x -d 'the code of the guard against an accidental end'
complete -c dpctl -n '__fish_seen_subcommand_from upgrade' -F
complete -c dpctl -n '__fish_seen_subcommand_from log' -a 'trace debug info warning error fatal none'
complete -c dpctl -n '__fish_seen_subcommand_from check' -l json -d 'an object on each line'
complete -c dpctl -n '__fish_seen_subcommand_from check' -F
complete -c dpctl -n '__fish_seen_subcommand_from import' -l strict -d 'exit code 1 if something could not be carried over'
complete -c dpctl -n '__fish_seen_subcommand_from import; and not __fish_seen_subcommand_from runit s6 daemontools supervisord systemd procfile compose' -a 'runit s6 daemontools supervisord systemd procfile compose'
complete -c dpctl -n '__fish_seen_subcommand_from import; and __fish_seen_subcommand_from runit s6 daemontools supervisord systemd procfile compose' -F
complete -c dpctl -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
