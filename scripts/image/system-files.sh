#!/bin/sh
# Called by the Dockerfile with the folder of the app and a target: copies Node, what Node and the app's native modules are linked with, and the
# little that the C library looks up to the target.
set -eu
app=$1
target=$2
mkdir -p "$target/etc"

copy() { cp --parents --dereference "$@" "$target"; }

copy "$(command -v node)" /etc/nsswitch.conf
{ ldd "$(command -v node)"; find "$app" -name '*.node' -exec ldd {} +; } \
  | sed -nE 's/^.*=> (\/[^ ]+) .*$/\1/p; s/^[[:space:]]+(\/[^ ]+) .*$/\1/p' | sort -u | while read -r library; do copy "$library"; done

printf 'root:x:0:0:root:/:/sbin/nologin\nnode:x:1000:1000:node:/app:/sbin/nologin\n' > "$target/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' > "$target/etc/group"
mkdir -m 1777 "$target/tmp"
