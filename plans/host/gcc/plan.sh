pkg_name=gcc
pkg_description="The compilers of this machine"
host_programs=(gcc cc=gcc g++ c++=g++ cpp gcov gcc-ar gcc-nm gcc-ranlib gfortran)

source "${BASH_SOURCE[0]%/*}/../host.sh"
