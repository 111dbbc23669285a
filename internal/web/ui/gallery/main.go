// Command gallery shows every part of package ui with example texts, to look at while changing the look:
//
//	go run ./internal/web/ui/gallery        then open http://127.0.0.1:8099/?lang=ar
//
// It is no part of the program brug. Its pages are also what the tests of package ui look at in a browser.
package main

import (
	"flag"
	"log"
	"net/http"

	"brug/internal/web/ui/gallery/pages"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8099", "where to listen")
	flag.Parse()
	log.Printf("http://%s/", *addr)
	log.Fatal(http.ListenAndServe(*addr, pages.Handler()))
}
