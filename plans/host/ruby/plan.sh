pkg_name=ruby
pkg_description="The Ruby of this machine"
host_programs=(ruby gem irb rake bundle bundler erb)
pkg_interpreters=(bin/ruby)

source "${BASH_SOURCE[0]%/*}/../host.sh"
