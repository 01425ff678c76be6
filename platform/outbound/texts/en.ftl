outbound-unusable = This machine has no certificates to trust. Install the package ca-certificates.
outbound-unreachable = { $host } does not answer. Check the address and the network; we shall try again.
outbound-timed_out = { $host } takes too long to answer. We shall try again.
outbound-too_large = { $host } sent too large an answer. Turn to the owner of that service.
outbound-bad_address = The address or a header is written wrongly. Correct the settings of the connection.
outbound-senseless_reply = The answer with status { $status } could not be read. Check whether the address is right.
outbound-out_of_reach = { $host } stands in a private network, and an address that is given here has to be public. Give one that everybody on the internet can reach.
