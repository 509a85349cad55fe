pkg_name=zip
pkg_description="The zip of this machine"
host_programs=(zip zipcloak zipnote zipsplit)

source "${BASH_SOURCE[0]%/*}/../host.sh"
