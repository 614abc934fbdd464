package hint

import _ "embed"

// WordsLicence is the licence of the embedded list of English words, SCOWL.
//
//go:embed words/LICENSE
var WordsLicence string
