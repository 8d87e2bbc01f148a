"""The ways in: a watched folder, HL7v2 over MLLP, FHIR over HTTP. Each ends at `Intake.take`."""
