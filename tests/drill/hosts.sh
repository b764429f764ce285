#!/usr/bin/env bash
# The site on several hosts, played on one machine with network namespaces: two hosts of the
# application, one of the database, one of the proxy, and a client that reads all the time.
#   tests/drill/hosts.sh [nginx|varnish]     as root; needs nginx, wrk, postgresql (and varnish)
# Prints a line a step with what was seen, and ends with 1 where a promise was not kept.
set -euo pipefail
cd "$(dirname "$0")/../.."
proxy=${1:-nginx}
folder=$(mktemp -d)
chmod 755 "$folder"
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
declare -A address=([app1]=10.77.0.1 [app2]=10.77.0.2 [db]=10.77.0.3 [proxy]=10.77.0.4 [client]=10.77.0.5)
failed=0

on() { local host=$1; shift; ip netns exec "ng-$host" "$@"; }
say() { printf '%s\n' "$*"; }
hold() { if "${@:2}"; then say "  kept: $1"; else say "  BROKEN: $1"; failed=1; fi; }
remove() {
  for host in "${!address[@]}"; do
    pids=$(ip netns pids "ng-$host" 2>/dev/null) && [ -n "$pids" ] && kill $pids 2>/dev/null || true
  done
  sleep 1
  for host in "${!address[@]}"; do ip netns delete "ng-$host" 2>/dev/null || true; done
  ip link delete ng-switch 2>/dev/null || true
  rm -rf "$folder"
}
trap remove EXIT

say "Hosts"
ip link add ng-switch type bridge && ip link set ng-switch up
for host in "${!address[@]}"; do
  ip netns add "ng-$host"
  ip link add "ng-$host" type veth peer name eth0 netns "ng-$host"
  ip link set "ng-$host" master ng-switch up
  on "$host" ip link set lo up
  on "$host" ip address add "${address[$host]}/24" dev eth0
  on "$host" ip link set eth0 up
done

say "Database"
as_postgres() { (cd / && on db runuser -u postgres -- "$@"); }
install -d -o postgres "$folder/pg"
as_postgres "$programs/initdb" --pgdata="$folder/pg/data" --auth=scram-sha-256 --auth-local=peer --encoding=UTF8 --locale=C.UTF-8 >/dev/null
echo "host nextgen all 10.77.0.0/24 scram-sha-256" >>"$folder/pg/data/pg_hba.conf"
as_postgres "$programs/pg_ctl" --pgdata="$folder/pg/data" --log="$folder/pg/log" --silent --options="-c listen_addresses=10.77.0.3 -c unix_socket_directories=$folder/pg" start
as_postgres psql --host="$folder/pg" --quiet <<'SQL'
CREATE ROLE nextgen_owner LOGIN PASSWORD 'owner';
CREATE ROLE nextgen LOGIN PASSWORD 'site';
CREATE DATABASE nextgen OWNER nextgen_owner;
SQL

export ENV_FILE=/dev/null SECRET_KEY=a-key-for-the-drill-and-for-nothing-else-0123456789
export ALLOWED_HOSTS=10.77.0.1,10.77.0.2,10.77.0.4 TRUST_PROXY=1 SECOND_FACTOR=0
owner=postgres://nextgen_owner:owner@10.77.0.3/nextgen
export DATABASE_URL=postgres://nextgen:site@10.77.0.3/nextgen
manage() { on app1 .venv/bin/python manage.py "$@"; }
DATABASE_URL=$owner manage migrate -v 0
DATABASE_URL=$owner manage grants nextgen --apply
manage import_plan fixtures/belgium -v 0

start() {
  [ "$proxy" = nginx ] || export PURGE_URLS=http://10.77.0.4:6081/
  on "$1" env GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_BACKPRESSURE=16384 PAGE_CACHE_DIR="$folder/pages-$1" \
    .venv/bin/granian --interface wsgi --no-ws nextgen.wsgi:application >>"$folder/$1.log" 2>&1 &
  pid[$1]=$!
  for _ in $(seq 100); do on "$1" curl --silent --fail --output /dev/null "http://${address[$1]}:8000/healthz" && return; sleep 0.2; done
  return 1
}
stop() { kill "${pid[$1]}"; wait "${pid[$1]}" 2>/dev/null || true; }
declare -A pid
start app1; start app2

say "Proxy: $proxy"
cp -r deploy/nginx/. "$folder/nginx" && cd "$folder/nginx"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=10.77.0.4 -keyout privkey.pem -out fullchain.pem 2>/dev/null
# One client stands for many visitors here: the limits by address are those of another test.
sed -i "s#/etc/nextgen/tls#$folder/nginx#; s#/etc/nginx/nextgen#$folder/nginx/nextgen#; s#user www-data#user root#; s#/run/nginx.pid#$folder/nginx.pid#
  s#/var/log/nginx#$folder#; s#/var/cache/nginx/nextgen#$folder/cache#; s#/srv/nextgen/current#$OLDPWD#; s#include mime#include /etc/nginx/mime#
  s#include modules#include /etc/nginx/modules#; s#rate=[0-9]*r/[sm]#rate=1000000r/s#; s#limit_conn connections 64#limit_conn connections 10000#; /\[::\]/d" nginx.conf
[ -e /etc/nginx/modules-enabled/50-mod-http-brotli-static.conf ] || sed -i /brotli_static/d nginx.conf
sed -i "s#127.0.0.1:8001#10.77.0.1:8000#; s#127.0.0.1:8002#10.77.0.2:8000#" nextgen/upstream.conf
if [ "$proxy" = varnish ]; then
  sed "s#.host = \"127.0.0.1\"; .port = \"8001\"#.host = \"10.77.0.1\"; .port = \"8000\"#; s#.host = \"127.0.0.1\"; .port = \"8002\"#.host = \"10.77.0.2\"; .port = \"8000\"#
    s#Host: 127.0.0.1#Host: 10.77.0.1#; s#\"localhost\";#\"localhost\"; \"10.77.0.4\"; \"10.77.0.1\"; \"10.77.0.2\";#" "$OLDPWD/deploy/varnish/default.vcl" >varnish.vcl
  on proxy varnishd -F -n "$folder/varnish" -a 0.0.0.0:6081 -f "$folder/nginx/varnish.vcl" -s malloc,256m >"$folder/varnish.log" 2>&1 &
  echo 'upstream nextgen { server 127.0.0.1:6081; keepalive 32; }' >nextgen/upstream.conf
  sed -i 's/proxy_cache pages;/proxy_cache off;/' nginx.conf
  sleep 3
fi
cd "$OLDPWD"
on proxy nginx -c "$folder/nginx/nginx.conf" -g 'daemon off;' 2>/dev/null &
sleep 1

ask() { on client curl --silent --insecure --max-time 20 --output "$folder/answer" --write-out '%{http_code}' "https://10.77.0.4$1"; }
is() { [ "$1" = "$2" ]; }
cat >"$folder/read.lua" <<'LUA'
local paths = {"/en/", "/en/projects/", "/fr/projets/?pillar=1", "/en/milestones/", "/nl/projecten/?q=trein", "/en/plan/"}
local n, one = 0, tonumber(os.getenv("ONE") or "0")
request = function()
  n = n + 1
  local path = paths[n % #paths + 1]
  if one > 0 and n % one == 0 then path = "/en/projects/?budget_min=" .. n end  -- a page that nobody has asked for
  return wrk.format("GET", path, {["Accept-Encoding"] = "gzip"})
end
done = function(s, latency)
  local wrong = s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout + s.errors.status
  io.write(string.format("%d %d %.1f %.1f\n", s.requests, wrong, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
LUA
load() { on client env ONE="${2:-0}" wrk -t1 -c16 -d"$1"s --timeout 15s -s "$folder/read.lua" https://10.77.0.4/ | tail -n 1 >"$folder/load"; }
told() { awk '{print $4}' "$folder/access.log" | sort | uniq -c | tr '\n' ' '; : >"$folder/access.log"; read -r requests wrong half most <"$folder/load"; say "  $requests requests, $wrong failed, half in $half ms, 99 % in $most ms"; }

say "Reading"
hold "the home page answers" is "$(ask /en/)" 200
load 5; told; hold "no request failed" is "$wrong" 0

say "A rolling restart of both while people read"
load 20 5000 & reading=$!
for host in app1 app2; do sleep 1; stop "$host"; start "$host"; done
wait $reading; told; hold "no request failed" is "$wrong" 0

say "A correction made on app1 is seen everywhere within two seconds"
code=$(manage shell -v 0 -c '
from projects.models import Project
project = Project.objects.order_by("pk").first()
project.title_en = "Seen by all within two seconds"
project.save()
print(project.code)')
sleep 2
for host in app1 app2; do
  on client curl --silent --output "$folder/answer" "http://${address[$host]}:8000/en/projects/$code/"
  hold "$host shows it" grep -q 'Seen by all' "$folder/answer"
done
ask "/en/projects/$code/" >/dev/null
hold "the proxy shows it" grep -q 'Seen by all' "$folder/answer"

say "The database's host is cut off"
ask /en/ >/dev/null; ask /en/plan/ >/dev/null
ip link set ng-db down
sleep 3
hold "a page that was read goes on" is "$(ask /en/)" 200
hold "one that nobody read says 503" is "$(ask '/en/projects/?budget_min=777')" 503
load 5; told
ip link set ng-db up
good=0
for second in $(seq 30); do
  sleep 1
  if [ "$(ask "/en/projects/?budget_min=78$second")" = 200 ]; then good=$((good + 1)); else good=0; fi
  [ $good = 4 ] && break
done
hold "it is back by itself, for good $second s later" is $good 4

say "A migration while people read"
load 10 2000 & reading=$!
sleep 2
# What most migrations do: a column with a default, and an index.
on app1 psql --quiet "$owner" <<'SQL'
ALTER TABLE projects_project ADD COLUMN drill varchar(20) NOT NULL DEFAULT '';
CREATE INDEX drill ON milestones_milestone (code, due);
SQL
wait $reading; told; hold "no request failed" is "$wrong" 0
exit $failed
