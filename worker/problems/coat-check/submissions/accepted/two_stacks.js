var CoatCheck = function(hooks) {
    this.hooks = hooks;
    this.owners = [];
    this.most = [-1];
};

CoatCheck.prototype.hang = function(owner, weight) {
    if (this.owners.length === this.hooks) return false;
    this.owners.push(owner);
    this.most.push(Math.max(weight, this.heaviest()));
    return true;
};

CoatCheck.prototype.take = function() {
    if (this.owners.length === 0) return "";
    this.most.pop();
    return this.owners.pop();
};

CoatCheck.prototype.heaviest = function() {
    return this.most[this.most.length - 1];
};
