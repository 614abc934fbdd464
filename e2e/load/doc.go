// Load puts the load of a lecture hall on the real program, over real HTTP and real event streams on loopback, and prints
// what it measured. It fails when an acknowledged answer is lost; it does not fail for being slow, since the times are
// those of the machine.
//
//	go run ./e2e/load labs                                  2,000 lab requests a second
//	go run ./e2e/load answers                               500 visitors write answers to a question, each their own
//	go run ./e2e/load class                                 500 students follow and answer, on SQLite
//	go run ./e2e/load vote                                  500 students vote, talk and vote again
//	go run ./e2e/load explore                               500 students submit runs of a lab within a minute
//	go run ./e2e/load -reconnect class                      the same; all lose their streams, and come back at once
//	go run ./e2e/load -db postgres -replicas 2 -kill class  the same on two replicas, one of which is killed
//	go run ./e2e/load -gigabyte attack                      strangers do their worst beside a class of 500
//	go run ./e2e/load -db postgres -outage 20s class        the same while PostgreSQL crashes and is away
//
// On a machine that has other work, let the load go first; but build beforehand, since a compiler that goes first stops
// everything else:
//
//	go build -o gradlab ./server && go build -o load ./e2e/load && sudo chrt -r 10 ./load -server ./gradlab class
//
// The server runs as processes of its own (cluster.go), built from this checkout; PostgreSQL is a throw-away one, and the
// balancer is Caddy with the deploy/Caddyfile of compose.yaml. Server and clients share the machine.
package main
