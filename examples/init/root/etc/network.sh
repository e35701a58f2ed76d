#!/bin/sh
# udhcpc runs this script with what a DHCP server has given.
PATH=/bin
case $1 in
    deconfig) ifconfig "$interface" 0.0.0.0 up ;;
    bound | renew)
        ifconfig "$interface" "$ip" netmask "${subnet:-255.255.255.0}" up
        for router in $router; do
            route add default gw "$router" dev "$interface"
            break
        done
        for server in $dns; do
            echo "nameserver $server"
        done >/etc/resolv.conf
        echo "network: $ip" >/dev/kmsg
        ;;
esac
