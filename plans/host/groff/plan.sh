pkg_name=groff
pkg_description="The groff of this machine"
host_programs=(groff troff nroff grotty)

source "${BASH_SOURCE[0]%/*}/../host.sh"
