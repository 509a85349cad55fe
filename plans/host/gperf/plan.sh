pkg_name=gperf
pkg_description="The gperf of this machine"
host_programs=(gperf)

source "${BASH_SOURCE[0]%/*}/../host.sh"
