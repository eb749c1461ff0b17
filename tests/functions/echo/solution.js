class Echo {
  constructor(title) {
    this.name = title;
  }

  nextInteger(value) {
    return value + 1;
  }

  nextLong(value) {
    return typeof value === 'bigint' ? value + 1n : value + 1;
  }

  halfOf(value) {
    return value / 2;
  }

  negation(value) {
    return !value;
  }

  nextCharacter(value) {
    return String.fromCharCode(value.charCodeAt(0) + 1);
  }

  shout(value) {
    return `${value}!`;
  }

  turned(value) {
    let before = null;
    for (; value; value = value.next) before = new ListNode(value.val, before);
    return before;
  }

  mirrored(value) {
    if (value) [value.left, value.right] = [this.mirrored(value.right), this.mirrored(value.left)];
    return value;
  }

  integers(value) {
    return value.reverse();
  }

  longs(value) {
    return value.reverse();
  }

  doubles(value) {
    return value.reverse();
  }

  flags(value) {
    return value.reverse();
  }

  letters(value) {
    return value.reverse();
  }

  words(value) {
    return value.reverse();
  }

  grid(value) {
    return value.reverse();
  }

  board(value) {
    return value.reverse();
  }

  numbers(value) {
    return value.reverse();
  }

  names(value) {
    return value.reverse();
  }

  rows(value) {
    return value.reverse();
  }

  table(value) {
    return value.reverse();
  }

  firstOf(value) {
    return value[0];
  }

  forest(value) {
    return value.reverse();
  }

  chains(value) {
    return value.reverse();
  }

  remember(value) {
    this.remembered = value;
  }

  recall() {
    return this.remembered;
  }

  title() {
    return this.name;
  }
}
