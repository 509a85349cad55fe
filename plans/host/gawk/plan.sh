pkg_name=gawk
pkg_description="The GNU awk of this machine"
host_programs=(gawk awk=gawk)
pkg_interpreters=(bin/awk bin/gawk)

source "${BASH_SOURCE[0]%/*}/../host.sh"
