pkg_name=perl
pkg_description="The Perl of this machine"
host_programs=(perl cpan corelist enc2xs h2xs perldoc pod2html pod2man pod2text pod2usage prove xsubpp)
pkg_interpreters=(bin/perl)

source "${BASH_SOURCE[0]%/*}/../host.sh"
