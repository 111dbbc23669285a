package gateway

import "testing"

// Whoever may tell us an address to call must not reach a neighbour of ours by it.
func TestOnlyAddressesOfTheInternetArePublic(t *testing.T) {
	for _, ip := range []string{"", "brug.example", "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1",
		"255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:a00:1::1", "2001:0:a00:1::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"} {
		if Public(ip) == nil {
			t.Errorf("%q counts as the internet", ip)
		}
	}
	for _, ip := range []string{"9.9.9.9", "172.32.0.1", "100.128.0.1", "::ffff:9.9.9.9", "2606:4700::1111", "2a00:1450:400e::1"} {
		if err := Public(ip); err != nil {
			t.Errorf("%s: %v", ip, err)
		}
	}
}

// An operator's service is reached by https; by http only where the line stays within the own network.
func TestAnAddressOfAService(t *testing.T) {
	for raw, good := range map[string]bool{
		"https://sms.example.net/v1": true, "http://127.0.0.1:5000": true, "http://[::1]:5000": true, "http://10.0.0.7": true, "http://localhost": true, "http://translate:5000": true,
		"http://sms.example.net": false, "http://9.9.9.9": false, "ftp://sms.example.net": false, "sms.example.net": false, "https://": false, "": false,
	} {
		if _, err := Address(raw); (err == nil) != good {
			t.Errorf("%q: %v", raw, err)
		}
	}
}
