pkg_name=linux-headers
pkg_description="The kernel's headers of this machine"
host_headers=(linux asm asm-generic mtd rdma sound video misc drm)
_code=$(sed -n 's/^#define LINUX_VERSION_CODE //p' /usr/include/linux/version.h 2>/dev/null || true)
pkg_version=$((_code >> 16)).$((_code >> 8 & 255)).$((_code & 255))

source "${BASH_SOURCE[0]%/*}/../host.sh"
