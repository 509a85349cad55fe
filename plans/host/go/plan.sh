pkg_name=go
pkg_description="The Go of this machine"
host_programs=(go gofmt)

source "${BASH_SOURCE[0]%/*}/../host.sh"
