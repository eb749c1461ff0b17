var ribbonCode = function(beads) {
    return beads.replace(/(.)\1*/g, (run, bead) => bead + run.length);
};
