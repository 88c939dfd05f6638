/**
 * A session by `Net::FTP`, with the methods that hand out a data connection: `dir` does not tell its caller of a transfer that
 * failed, `put` may lose the end of a file. None of them sends TYPE, so a harmless command follows CCC where one is wanted.
 */
export const perlScript = String.raw`
use strict;
use warnings;
use IO::Socket::SSL;
use JSON::PP;
use Net::FTP;

$| = 1;
my $wanted = decode_json(do { local $/; <STDIN> });
my $folder = $wanted->{folder};
my $flaw = "";
my $ftp = Net::FTP->new(
    $wanted->{host},
    Port => $wanted->{port},
    Timeout => $wanted->{timeout},
    Passive => $wanted->{passive} ? 1 : 0,
    Debug => 1,
    SSL => $wanted->{tls} eq "implicit" ? 1 : 0,
    SSL_ca_file => $wanted->{caFile},
    # Its error says that the certificate was not verified, and not why; the verdict stays OpenSSL's.
    SSL_verify_callback => sub {
        my ($verified, $store) = @_;
        $flaw = Net::SSLeay::X509_verify_cert_error_string(Net::SSLeay::X509_STORE_CTX_get_error($store)) if !$verified;
        return $verified;
    },
    (grep { $_ eq "no-check" } @{ $wanted->{options} }) ? (SSL_verify_mode => 0) : (),
    map { /^tls(1)\.(\d)$/ ? (SSL_version => "TLSv$1_$2") : () } @{ $wanted->{options} },
) or die "Net::FTP: " . told($@ || $!) . "\n";

sub told {
    my ($said) = @_;
    return $flaw eq "" ? $said : "$said: $flaw";
}


sub must {
    my ($done) = @_;
    return $done if $done;
    my $said = $ftp->ok ? "" : $ftp->message =~ s/\s+\z//r;
    die "Net::FTP: " . told($said || $SSL_ERROR || $@ || $!) . "\n";
}

must($ftp->starttls) if $wanted->{tls} eq "explicit";
must($ftp->login($wanted->{user}, $wanted->{password}));
# It waits for the data connection first, and for a reply as long again.
$ftp->timeout($wanted->{patience});
must($ftp->prot($wanted->{protection})) if defined $wanted->{protection};
must(defined $ftp->binary) if $wanted->{operation} ne "list";
must($ftp->stoptls) if $wanted->{ccc} ne "none";
must($ftp->quot("NOOP") == 2) if $wanted->{ccc} eq "primed";

sub transfer {
    my ($verb, $path, $use) = @_;
    must($ftp->eprt) if $wanted->{data} eq "eprt";
    my $connection = must($ftp->$verb($path));
    $use->($connection);
    # put() closes with TLS 1.3 tickets unread: the kernel then resets the connection (RFC 2525 section 2.17), and the server
    # may lose the end of the file.
    $connection->stop_SSL if $verb eq "stor" && $connection->is_SSL;
    must($connection->close);
}

sub copy_to {
    my ($file) = @_;
    return sub { while ($_[0]->read(my $block, 10240)) { print $file $block } };
}

if ($wanted->{operation} eq "list") {
    transfer("list", $folder, copy_to(\*STDOUT));
} else {
    for my $name (@{ $wanted->{files} }) {
        my $is_upload = $wanted->{operation} eq "upload";
        open(my $file, $is_upload ? "<:raw" : ">:raw", $name) or die "$name: $!\n";
        my $send = sub { while (read($file, my $block, 10240)) { $_[0]->write($block, length $block) } };
        transfer($is_upload ? "stor" : "retr", "$folder/$name", $is_upload ? $send : copy_to($file));
        close($file);
    }
}
$ftp->quit;
`.trimStart();
