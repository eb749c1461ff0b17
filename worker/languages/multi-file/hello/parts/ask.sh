read -r name
greet "$name"
