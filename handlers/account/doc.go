// Package account is signing in and out, and what is known of who has: the pages /sign-in and /me.
//
// A browser that signs in gets a session; the visitor that it was before is there again after signing out. What that visitor has written
// becomes the person's only when the person says so. Without a provider nobody signs in here, and the pages say that.
package account
