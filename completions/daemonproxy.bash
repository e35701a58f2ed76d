# Completion of the options of daemonproxy in bash.
# Made from commands.spec by `make docs`; a change goes there.
_daemonproxy() {
    local options='-c --config -i --interactive -S --socket -D --daemonize --exit-guard -E
        --exit-exec --fd-pool --service-pool --controllers --subreaper
        --no-rescue --debug-crash --send --follow -M --mlockall -v --verbose -q
        --quiet -h --help --version'
    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
    # `--config=FILE` is three words to bash.
    if [[ $option == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $current == = ]]; then
        current=
    fi
    COMPREPLY=()
    case $option in
    -c | --config | -S | --socket)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        ;;
    --exit-guard | -E | --exit-exec | --fd-pool | --service-pool | --controllers)
        ;;
    *)
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        ;;
    esac
}
complete -F _daemonproxy daemonproxy
