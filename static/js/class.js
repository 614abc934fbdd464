// The class.
