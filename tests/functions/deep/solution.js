class Deep {
  cube(value) {
    return value.reverse();
  }

  texts(value) {
    return value.reverse();
  }

  mixed(value) {
    return value.reverse();
  }

  woods(value) {
    return value.reverse();
  }
}
