/** The program `workers` for storms: the same, with faults that the environment asks for. */
import './faults.ts';
import '../../workers/main.ts';
