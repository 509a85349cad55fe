pkg_name=git
pkg_description="The git of this machine"
host_programs=(git git-receive-pack git-upload-pack git-shell git-upload-archive)

source "${BASH_SOURCE[0]%/*}/../host.sh"
