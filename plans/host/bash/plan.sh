pkg_name=bash
pkg_description="The shell of this machine"
host_programs=(bash sh=bash)
pkg_interpreters=(bin/bash bin/sh)

source "${BASH_SOURCE[0]%/*}/../host.sh"
