# Completion of dpctl for bash, made by: dpctl completion bash

_dpctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    local verb= word skip= i
    local -a socket=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ -n $skip ]]; then
            [[ $skip = -S || $skip = --socket ]] && socket=(-S "$word")
            skip=
        elif [[ -z $verb ]]; then
            case $word in
                -S | --socket | --color) skip=$word ;;
                -*) ;;
                *) verb=$word ;;
            esac
        fi
    done
    case $prev in
        -S | --socket) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
    esac
    if [[ -z $verb ]]; then
        COMPREPLY=($(compgen -W 'status start stop restart signal wait tail events top run manage reload shutdown upgrade log check import agent fleet completion --socket -S --color --help -h --version' -- "$cur"))
        return
    fi
    case $verb in
        status)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--problems -p --json --env --table --wide -w --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names
            fi
            ;;
        start)
            case $prev in --timeout) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--no-wait --timeout --wait --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names down
            fi
            ;;
        stop)
            case $prev in --timeout) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--no-wait --timeout --wait --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names up
            fi
            ;;
        restart)
            case $prev in --timeout) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--no-wait --timeout --wait --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names
            fi
            ;;
        signal)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--tree --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names up
            fi
            ;;
        wait)
            case $prev in --for) COMPREPLY=($(compgen -W 'up ready down gone' -- "$cur")); return ;; esac
            case $prev in --timeout) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--for --timeout --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names
            fi
            ;;
        tail | logs)
            case $prev in -n | --lines) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--follow -f --lines -n --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names
            fi
            ;;
        events)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--json --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names
            fi
            ;;
        top)
            case $prev in -d | --delay) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--delay -d --socket -S --color --help -h --version' -- "$cur"))
            fi
            ;;
        run)
            case $prev in --user) return ;; esac
            case $prev in --dir) COMPREPLY=($(compgen -f -- "$cur")); return ;; esac
            case $prev in --env) return ;; esac
            case $prev in --limit) return ;; esac
            case $prev in -o | --output) COMPREPLY=($(compgen -f -- "$cur")); return ;; esac
            case $prev in --timeout) return ;; esac
            case $prev in --name) return ;; esac
            case $prev in --tag) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--user --dir --env --limit --output -o --timeout --name --tag --detach -d --socket -S --color --help -h --version' -- "$cur"))
            else
                COMPREPLY=($(compgen -f -- "$cur"))
            fi
            ;;
        manage)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--stdio --verbose -v --socket -S --color --help -h --version' -- "$cur"))
            else
                COMPREPLY=($(compgen -f -- "$cur"))
            fi
            ;;
        reload)
            case $prev in --timeout) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--timeout --socket -S --color --help -h --version' -- "$cur"))
            else
                _dpctl_names up
            fi
            ;;
        shutdown)
            case $prev in --guard) return ;; esac
            case $prev in --timeout) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--guard --timeout --socket -S --color --help -h --version' -- "$cur"))
            fi
            ;;
        upgrade)
            case $prev in --guard) return ;; esac
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--guard --socket -S --color --help -h --version' -- "$cur"))
            else
                COMPREPLY=($(compgen -f -- "$cur"))
            fi
            ;;
        log)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--socket -S --color --help -h --version' -- "$cur"))
            else
                COMPREPLY=($(compgen -W 'trace debug info warning error fatal none' -- "$cur"))
            fi
            ;;
        check)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--json --socket -S --color --help -h --version' -- "$cur"))
            else
                COMPREPLY=($(compgen -f -- "$cur"))
            fi
            ;;
        import)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--strict --socket -S --color --help -h --version' -- "$cur"))
            elif [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " =~ ' '(runit|s6|daemontools|supervisord|systemd|procfile|compose)' ' ]]; then
                COMPREPLY=($(compgen -f -- "$cur"))
            else
                COMPREPLY=($(compgen -W 'runit s6 daemontools supervisord systemd procfile compose' -- "$cur"))
            fi
            ;;
        agent)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--socket -S --color --help -h --version' -- "$cur"))
            fi
            ;;
        fleet)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--socket -S --color --help -h --version' -- "$cur"))
            fi
            ;;
        completion)
            if [[ $cur = -* ]]; then
                COMPREPLY=($(compgen -W '--socket -S --color --help -h --version' -- "$cur"))
            else
                COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur"))
            fi
            ;;
    esac
}

_dpctl_names() {
    COMPREPLY=($(compgen -W "$(dpctl "${socket[@]}" __names $1 2>/dev/null | cut -f 1)" -- "$cur"))
}

complete -F _dpctl dpctl
