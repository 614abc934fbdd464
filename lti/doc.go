// Package lti is the tool's side of LTI 1.3 and of LTI Advantage: what a learning management system, the platform, and this
// site say to each other. It knows neither the site's pages nor its store.
//
// A launch: the platform sends a browser to the tool with a Login; the tool keeps a state and a nonce, and sends the browser to
// AuthURL; the platform has it post an id_token, which Keys.Launch checks and reads. From then on the tool may call the
// platform's services with a Client: Members (Names and Roles), SendScore and LineItem (Assignment and Grades). DeepLink answers
// a launch that asks what to link. Register makes a platform known by Dynamic Registration.
//
// Beside each check stands the clause that wants it, in brackets: [Core] is LTI 1.3 Core, [Sec] the 1EdTech Security Framework 1.0,
// [DL] Deep Linking 2.0, [NRPS] Names and Role Provisioning Services 2.0, [AGS] Assignment and Grade Services 2.0, [DR] LTI Dynamic
// Registration 1.0. The tests name the same clauses; package ltitest is the platform that they are held to.
//
// A platform is not trusted with our time or memory: each answer of one is bounded in size and time, and no redirect is followed.
package lti

import "fmt"

// A RefusedError says in words why something that a platform sent is not taken. Clause is the one that wants it so.
type RefusedError struct{ Clause, Reason string }

func (e *RefusedError) Error() string { return e.Reason + " [" + e.Clause + "]" }

func refuse(clause, format string, args ...any) error {
	return &RefusedError{clause, fmt.Sprintf(format, args...)}
}

// Claims of LTI and their values.
const (
	claim   = "https://purl.imsglobal.org/spec/lti/claim/"
	dlClaim = "https://purl.imsglobal.org/spec/lti-dl/claim/"

	// Version is that of every message [Core 5.3.2].
	Version = "1.3.0"

	ResourceLink = "LtiResourceLinkRequest"                             // [Core 5.3.1]
	DeepLinking  = "LtiDeepLinkingRequest"                              // [DL 3.4.1]
	deepResponse = "LtiDeepLinkingResponse"                             // [DL 4.1]
	member       = "http://purl.imsglobal.org/vocab/lis/v2/membership#" // [Core A.2.2]
)
