package dev.errand.mutants;

class PortMutantsTest extends KilledMutants {

    PortMutantsTest() {
        super(Mutant.Part.PORT);
    }
}
