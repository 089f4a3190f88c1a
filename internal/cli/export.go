package cli

// exportOptions are what a writer may know beside the tree.
type exportOptions struct {
	title string
}
