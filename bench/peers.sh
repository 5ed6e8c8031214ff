#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what Retrial is measured against into the folder given: nginx and
# wrk by apt, the others by the clients of their registries. What does not
# install is missing from then on, and bench.py says so.
#
#   bench/peers.sh FOLDER
set -u
folder=$1
mkdir -p "$folder"
cd "$folder" || exit 2

wiremock=3.13.2 mockserver=7.6.0 mountebank=2.9.1 toxiproxy=v2.5.0
log=$folder/peers.log
: >"$log"

try() { # NAME FILE COMMAND...
    name=$1 file=$2
    shift 2
    [ -e "$file" ] || "$@" >>"$log" 2>&1 ||
        echo "bench: $name does not install, see $log" >&2
}

apt() { # PACKAGE...
    sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y \
            --no-install-recommends "$@"
}

jars() { # MockServer and all it needs
    mkdir -p pom
    cat >pom/pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>bench</groupId><artifactId>bench</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.mock-server</groupId>
    <artifactId>mockserver-netty</artifactId>
    <version>$mockserver</version>
  </dependency></dependencies>
</project>
POM
    mvn -q -B -f pom/pom.xml dependency:copy-dependencies \
        -DoutputDirectory="$folder/mockserver"
}

try "nginx and wrk" /usr/bin/wrk apt nginx-light wrk
try "nginx's Lua" /usr/lib/nginx/modules/ngx_http_lua_module.so \
    apt libnginx-mod-http-lua
try WireMock "wiremock/wiremock-standalone-$wiremock.jar" \
    mvn -q -B dependency:copy -DoutputDirectory="$folder/wiremock" \
    "-Dartifact=org.wiremock:wiremock-standalone:$wiremock"
try MockServer "mockserver/mockserver-netty-$mockserver.jar" jars
try mountebank node_modules/.bin/mb \
    npm install --no-audit --no-fund --prefix . "mountebank@$mountebank"
try toxiproxy server env GOBIN="$folder" \
    go install "github.com/Shopify/toxiproxy/v2/cmd/server@$toxiproxy"
exit 0
