"""The only door to the network: public files, asked politely, checked, and never swapped in silence."""
