"""The dated list of communes, EPCI, contrats de ville and QPV that travels with the package."""
