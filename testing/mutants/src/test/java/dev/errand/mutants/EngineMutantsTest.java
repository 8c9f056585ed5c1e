package dev.errand.mutants;

class EngineMutantsTest extends KilledMutants {

    EngineMutantsTest() {
        super(Mutant.Part.RULE, Mutant.Part.DISPATCHER);
    }
}
