pkg_name=procps-ng
pkg_description="Programs about processes, of this machine"
host_programs=(ps free kill pgrep pkill pmap sysctl top uptime vmstat w watch)

source "${BASH_SOURCE[0]%/*}/../host.sh"
