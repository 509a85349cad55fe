pkg_name=python
pkg_description="The Python of this machine"
host_programs=(python3 python=python3 pip3 pip=pip3 pydoc3 python3-config)
pkg_interpreters=(bin/python bin/python3)

source "${BASH_SOURCE[0]%/*}/../host.sh"
