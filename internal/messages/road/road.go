// Package road is what the ways of sending have in common: a parcel goes in, a result comes back.
//
// Packages email, sms and push are carriers; package messages gives them parcels in batches and writes down the results.
// It owns no tables.
package road

import (
	"context"
	"time"

	"brug/internal/messages/letter"
)

// Parcel is one letter with its address.
type Parcel struct {
	Key         string           // the recipient's public id: Message-ID and idempotency key are made of it, the same on every try
	To          string           // a mail address, a number (E.164), or a push subscription as JSON
	Letters     []*letter.Letter // one, or those that go together as a digest, the most urgent first
	ReplyTo     string           // address of the conversation; mail only
	Unsubscribe string           // URL for List-Unsubscribe with one click; mail only
	At          time.Time        // date of the letter
}

// Result is what became of a parcel.
type Result struct {
	Taken   bool          // the road took it
	Ref     string        // what the road calls it, for receipts; ""
	Parts   int           // SMS parts that it took
	Problem string        // why not, without address or words: "the server answered 550 5.1.1"
	Final   bool          // another try cannot mend it: the next road's turn
	Address bool          // and the address itself is wrong: the guardian's road is marked as failed
	Wait    time.Duration // ask for no new try before; 0: as usual
}

// Carrier carries parcels by one road. Carry calls done once for each parcel, from any goroutine, as soon as it is known;
// parcels for which done was not called when it returns were not sent (the context ended).
type Carrier interface {
	Carry(ctx context.Context, parcels []Parcel, done func(i int, r Result))
}
