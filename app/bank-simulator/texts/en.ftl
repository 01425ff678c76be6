bank_simulator-folder_unusable = The folder { $folder } cannot be written or read.
bank_simulator-keys_unusable = The simulated bank’s keys are no good. Empty its folder and start it again.
bank_simulator-unreachable = Takt does not answer there. Check the address, the certificates, and whether takt serve runs.
bank_simulator-nowhere = Say where Takt listens: --push-to for the door of banks, --public-to for everybody’s.
bank_simulator-not_listening = The address cannot be listened on.
