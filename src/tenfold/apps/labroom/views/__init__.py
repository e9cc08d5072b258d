"""Pages of labs: the candidate’s, the library, who arranges, who sits in, who reviews; and the socket."""
