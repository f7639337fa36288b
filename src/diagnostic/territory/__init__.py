"""What a place is and what it is compared with: generations, comparators, names, memberships."""
