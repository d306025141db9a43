#!/bin/sh
# http.sh - measure the web server of chapter 04 and nginx by turns
# SPDX-License-Identifier: MIT
#
#     http.sh [-q] [-n ROUNDS] FOLDER HTTPD
#
# Both serve the same two files, of 1 KiB and of 1 MiB, from FOLDER/http, on
# ports of 127.0.0.1; wrk asks for them, over 32 connections that are kept. In
# each round both are asked in turn; every second round goes backwards. nginx
# runs with a configuration of its own, in the foreground, as a child of this
# script, and writes nothing outside of FOLDER/http. With -q, one short round
# and no table.
#
# Exit status: 0, also if wrk or nginx is not installed, which one line says; 1
# if a server failed or answered by anything but the file.

rounds=3
seconds=3
quick=
while getopts qn: option; do
	case $option in
	q) quick=quick rounds=1 seconds=1 ;;
	n) rounds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
folder=${1:?usage: http.sh [-q] [-n ROUNDS] FOLDER HTTPD}
httpd=${2:?usage: http.sh [-q] [-n ROUNDS] FOLDER HTTPD}

PATH=$PATH:/usr/sbin
for tool in wrk nginx; do
	command -v $tool >/dev/null || {
		echo "http: skipped, $tool is not installed (Debian:" \
			"wrk nginx-light)"
		exit 0
	}
done

rm -rf "$folder/http"
mkdir -p "$folder/http/root"
work=$(cd "$folder/http" && pwd)
awk 'BEGIN { for (i = 0; i < 16; i++)
	printf "%063d\n", i }' >"$work/root/small.txt"
i=0
while [ $i -lt 1024 ]; do
	cat "$work/root/small.txt"
	i=$((i + 1))
done >"$work/root/large.txt"

pids=
trap 'kill $pids 2>/dev/null; wait' EXIT
trap 'exit 1' HUP INT TERM

"$httpd" -p 0 "$work/root" >"$work/httpd.out" &
pids=$!
until grep -qs : "$work/httpd.out"; do
	kill -0 $pids || exit 1
	sleep 0.1
done
port_httpd=$(sed 's|.*:\([0-9]*\)/$|\1|' "$work/httpd.out")

# start_nginx PORT: 0 once it listens there
start_nginx() {
	{
		[ "$(id -u)" -ne 0 ] || echo "user $(id -un) $(id -gn);"
		cat <<-END
			daemon off;
			worker_processes auto;
			pid $work/nginx.pid;
			error_log $work/nginx.log;
			events { worker_connections 256; }
			http {
				access_log off;
				sendfile on;
				tcp_nopush on;
				keepalive_requests 100000000;
				client_body_temp_path $work/body;
				proxy_temp_path $work/proxy;
				fastcgi_temp_path $work/fastcgi;
				uwsgi_temp_path $work/uwsgi;
				scgi_temp_path $work/scgi;
				server {
					listen 127.0.0.1:$1;
					root $work/root;
				}
			}
		END
	} >"$work/nginx.conf"
	nginx -e "$work/nginx.log" -c "$work/nginx.conf" &
	nginx=$!
	until [ -s "$work/nginx.pid" ]; do
		kill -0 $nginx 2>/dev/null || return 1
		sleep 0.1
	done
	pids="$pids $nginx"
}

port_nginx=$((port_httpd + 1))
until start_nginx $port_nginx 2>>"$work/nginx.err"; do
	port_nginx=$((port_nginx + 1))
	if [ $port_nginx -gt $((port_httpd + 20)) ]; then
		cat "$work/nginx.err" "$work/nginx.log" >&2
		exit 1
	fi
done

# measure SERVER FILE: a line of requests per second, one of p99 in ms
measure() {
	eval "port=\$port_$1"
	wrk -t1 -c32 -d${seconds}s --latency \
		"http://127.0.0.1:$port/$2.txt" >"$work/wrk" || return 1
	if grep -e 'Non-2xx' -e 'Socket errors' "$work/wrk" >&2; then
		echo "http: $1 failed on $2.txt" >&2
		return 1
	fi
	awk -v server="$1" -v file="$2" '
	$1 == "99%" {
		ms = $2 + 0
		if ($2 ~ /us$/)
			ms /= 1000
		else if ($2 !~ /ms$/)
			ms *= 1000
		print server, file "_p99", ms
	}
	$1 == "Requests/sec:" { print server, file "_rate", $2 }
	' "$work/wrk" >>"$work/raw"
}

: >"$work/raw"
status=0
round=0
while [ $round -lt "$rounds" ]; do
	round=$((round + 1))
	order='httpd nginx'
	[ $((round % 2)) -eq 0 ] && order='nginx httpd'
	for file in small large; do
		for server in $order; do
			measure $server $file || status=1
		done
	done
done

# One file, and one round, are no table; a server that gave none is an error.
[ "$(wc -l <"$work/raw")" -eq $((rounds * 8)) ] || status=1
if [ "$quick" ]; then
	[ $status -eq 0 ] && echo 'http: httpd and nginx have answered wrk'
	exit $status
fi
awk -v rounds="$rounds" '
{ value[$1 " " $2, ++count[$1 " " $2]] = $3 + 0 }
function median(key,	n, i, j, v) {
	n = count[key]
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && value[key, j - 1] > value[key, j]; j--) {
			v = value[key, j]
			value[key, j] = value[key, j - 1]
			value[key, j - 1] = v
		}
	return value[key, int((n + 1) / 2)]
}
function row(metric, title,	ours, theirs) {
	ours = median("httpd " metric)
	theirs = median("nginx " metric)
	printf "%-33s %9.5g %9.5g  %.2f\n", title, ours, theirs,
	    (theirs > 0 ? ours / theirs : 0)
}
END {
	printf "\nThe web server: medians of %d rounds.\n\n", rounds
	printf "%-33s %9s %9s  %s\n", "", "httpd", "nginx", "httpd / nginx"
	row("small_rate", "1 KiB: requests per second")
	row("small_p99", "       p99: ms")
	row("large_rate", "1 MiB: requests per second")
	row("large_p99", "       p99: ms")
}' "$work/raw"
exit $status
