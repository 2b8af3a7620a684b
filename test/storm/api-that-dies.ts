/** The program `api` for storms: the same, and it dies at a place that its parent names. */
import './die-at-point.ts';
import '../../api/main.ts';
