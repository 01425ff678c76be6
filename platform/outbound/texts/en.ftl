outbound-unusable = This machine has no certificates to trust. Install the package ca-certificates.
outbound-unreachable = { $host } does not answer. Check the address and the network; we shall try again.
outbound-timed_out = { $host } takes too long to answer. We shall try again.
outbound-too_large = { $host } sent too large an answer. Turn to the owner of that service.
outbound-bad_address = The address or a header is written wrongly. Correct the settings of the connection.
outbound-senseless_reply = The answer with status { $status } could not be read. Check whether the address is right.
outbound-out_of_reach = { $host } leads into a private network, where we do not go. Give the address of the shop on the internet; when the shop stands beside Takt, the operator of the installation allows it with TAKT_PRIVATE_ADDRESSES=allow.
outbound-too_many_redirects = { $host } redirects without end. Give the final address.
outbound-bad_redirect = { $host } redirects to an address that makes no sense. Give the final address.
outbound-no_room = The answer did not fit on the disk. Make room in the temporary folder.
outbound-bad_identity = The certificate, its key or the list of authorities cannot be read as PEM. Put the files that the bank gave into the folder of keys again.
