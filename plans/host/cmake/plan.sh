pkg_name=cmake
pkg_description="The CMake of this machine"
host_programs=(cmake ctest cpack)

source "${BASH_SOURCE[0]%/*}/../host.sh"
